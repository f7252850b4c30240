package io.shadowwrite.api.read;

import io.shadowwrite.api.database.ReadDatabase;
import io.shadowwrite.protocol.DigestHash;
import io.shadowwrite.protocol.HashProbe;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** How the target's server hashes. */
@RestController
@RequestMapping("/shadow/read/probe")
public final class ProbeController {

    private final Digests digests;

    public ProbeController(ReadDatabase database) {
        this.digests = new Digests(database, new Snapshots(database));
    }

    @GetMapping
    HashProbe probe(@RequestParam("hash") DigestHash hash) {
        return digests.probe(hash);
    }
}
