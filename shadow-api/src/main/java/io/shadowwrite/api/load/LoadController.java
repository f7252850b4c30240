package io.shadowwrite.api.load;

import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.target.TargetContents;
import io.shadowwrite.api.window.WindowOpening;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.protocol.LoadEnd;
import io.shadowwrite.protocol.LoadResult;
import io.shadowwrite.protocol.LoadStart;
import io.shadowwrite.protocol.LoadState;
import java.io.InputStream;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Loading a window, and what becomes of it then. */
@RestController
@RequestMapping("/shadow")
public final class LoadController {

    private final WindowOpening opening;
    private final WindowLoads loads;
    private final LoadWriter writer;

    LoadController(WindowOpening opening, WindowLoads loads, LoadWriter writer) {
        this.opening = opening;
        this.loads = loads;
        this.writer = writer;
    }

    /**
     * Puts it together.
     *
     * @param poolSize most connections to the target; loads leave some of them to others
     */
    public static LoadController of(
            Contract contract,
            ShadowDatabase database,
            Windows windows,
            Dictionary dictionary,
            WindowOpening opening,
            TargetContents contents,
            int poolSize) {
        LoadRanges ranges = new LoadRanges(database, dictionary);
        return new LoadController(
                opening,
                new WindowLoads(contract, database, windows, contents, ranges),
                new LoadWriter(contract, database, windows, dictionary, ranges, poolSize));
    }

    @PostMapping("/window/load")
    LoadState start(@RequestBody LoadStart start) {
        opening.startLoad(start);
        return loads.now();
    }

    @GetMapping("/window/load")
    LoadState state() {
        return loads.now();
    }

    @PostMapping("/window/streaming")
    LoadState stream(@RequestBody LoadEnd end) {
        return loads.stream(end);
    }

    @PostMapping("/window/discard")
    LoadState discard(@RequestBody LoadEnd end) {
        return loads.discard(end);
    }

    @PostMapping("/window/forget")
    LoadState forget(@RequestBody LoadEnd end) {
        return loads.forget(end);
    }

    /** One range, line by line. */
    @PostMapping("/write/load")
    LoadResult load(InputStream body) {
        LoadLines lines = new LoadLines(body);
        try {
            return writer.load(lines);
        } finally {
            lines.drain();
        }
    }
}
