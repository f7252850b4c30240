package io.shadowwrite.api.read;

import io.shadowwrite.api.database.ReadDatabase;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.protocol.DigestHash;
import io.shadowwrite.protocol.TargetProbe;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** How the target's server hashes, and what its indexes do not keep out. */
@RestController
@RequestMapping("/shadow/read/probe")
public final class ProbeController {

    private final Digests digests;
    private final Contract contract;

    public ProbeController(ReadDatabase database, Contract contract) {
        this.contract = contract;
        this.digests = new Digests(database, new Snapshots(database));
    }

    @GetMapping
    TargetProbe probe(@RequestParam("hash") DigestHash hash) {
        return digests.probe(hash, contract);
    }
}
