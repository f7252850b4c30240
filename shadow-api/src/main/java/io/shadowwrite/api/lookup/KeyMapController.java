package io.shadowwrite.api.lookup;

import io.shadowwrite.api.database.ReadDatabase;
import io.shadowwrite.api.read.LastEvents;
import io.shadowwrite.api.read.Snapshots;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.protocol.KeyMapLookup;
import io.shadowwrite.protocol.KeyMapMatches;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The key map, asked from both sides. */
@RestController
@RequestMapping("/shadow/read/pk-map")
public final class KeyMapController {

    private final KeyMapReads reads;

    public KeyMapController(Contract contract, ReadDatabase database) {
        this.reads = new KeyMapReads(contract, database, new Snapshots(database), new LastEvents(database));
    }

    @PostMapping("/lookup")
    KeyMapMatches lookup(@RequestBody KeyMapLookup lookup) {
        return reads.lookup(lookup);
    }
}
