package io.shadowwrite.api.window;

import io.shadowwrite.protocol.ControlState;
import io.shadowwrite.protocol.SessionRequest;
import io.shadowwrite.protocol.Window;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Opening the window and the consumer's session. */
@RestController
@RequestMapping("/shadow")
public final class WindowController {

    private final WindowOpening opening;
    private final Windows windows;

    public WindowController(WindowOpening opening, Windows windows) {
        this.opening = opening;
        this.windows = windows;
    }

    @PostMapping("/window")
    Window open(@RequestBody Window window) {
        return opening.open(window);
    }

    @PostMapping("/consumer/session")
    ControlState openSession(@RequestBody SessionRequest request) {
        return opening.openSession(request);
    }

    @GetMapping("/consumer/control-state")
    ControlState controlState() {
        return windows.require().control();
    }
}
