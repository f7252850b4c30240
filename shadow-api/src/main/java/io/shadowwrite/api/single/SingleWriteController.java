package io.shadowwrite.api.single;

import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.api.write.TargetWriter;
import io.shadowwrite.contract.Contract;
import io.shadowwrite.protocol.SingleWrite;
import io.shadowwrite.protocol.SingleWriteResult;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Single writes. */
@RestController
@RequestMapping("/shadow/write")
public final class SingleWriteController {

    private final SingleWrites writes;

    public SingleWriteController(
            Contract contract, ShadowDatabase database, Windows windows, Dictionary dictionary, TargetWriter target) {
        this.writes = new SingleWrites(
                database,
                windows,
                dictionary,
                target,
                new SourceRows(contract, database, dictionary),
                new SingleProvenance(database, dictionary));
    }

    @PostMapping("/scd/create")
    SingleWriteResult createVersion(@RequestBody SingleWrite write) {
        return writes.write(Intent.SCD_CREATE, write);
    }

    @PostMapping("/scd/update")
    SingleWriteResult updateVersion(@RequestBody SingleWrite write) {
        return writes.write(Intent.SCD_UPDATE, write);
    }

    @PostMapping("/scd/archive")
    SingleWriteResult archive(@RequestBody SingleWrite write) {
        return writes.write(Intent.SCD_ARCHIVE, write);
    }

    @PostMapping("/crud/create")
    SingleWriteResult create(@RequestBody SingleWrite write) {
        return writes.write(Intent.CRUD_CREATE, write);
    }

    @PostMapping("/crud/update")
    SingleWriteResult update(@RequestBody SingleWrite write) {
        return writes.write(Intent.CRUD_UPDATE, write);
    }

    @PostMapping("/crud/delete")
    SingleWriteResult delete(@RequestBody SingleWrite write) {
        return writes.write(Intent.CRUD_DELETE, write);
    }
}
