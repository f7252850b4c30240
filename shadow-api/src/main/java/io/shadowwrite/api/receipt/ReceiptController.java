package io.shadowwrite.api.receipt;

import io.shadowwrite.api.database.ReadDatabase;
import io.shadowwrite.protocol.LsnText;
import io.shadowwrite.protocol.Operation;
import io.shadowwrite.protocol.ReceiptDigest;
import io.shadowwrite.protocol.ReceiptGaps;
import io.shadowwrite.protocol.Side;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The receipts of both readers. */
@RestController
@RequestMapping("/shadow/read/receipts")
public final class ReceiptController {

    private final ReceiptReads reads;

    public ReceiptController(ReadDatabase database) {
        this.reads = new ReceiptReads(database, ReceiptReads.MOST_CELLS);
    }

    @GetMapping
    ReceiptDigest receipts(
            @RequestParam("from_lsn") String fromLsn,
            @RequestParam("to_lsn") String toLsn,
            @RequestParam(name = "reader", required = false) @Nullable Side reader) {
        return reads.digest(LsnText.parse("from_lsn", fromLsn), LsnText.parse("to_lsn", toLsn), reader);
    }

    @GetMapping("/differing")
    ReceiptGaps differing(
            @RequestParam("from_lsn") String fromLsn,
            @RequestParam("to_lsn") String toLsn,
            @RequestParam("source_table") String sourceTable,
            @RequestParam("operation") Operation operation) {
        return reads.differing(
                LsnText.parse("from_lsn", fromLsn), LsnText.parse("to_lsn", toLsn), sourceTable, operation);
    }

    @GetMapping("/holes")
    ReceiptGaps holes(@RequestParam("from_lsn") String fromLsn, @RequestParam("to_lsn") String toLsn) {
        return reads.holes(LsnText.parse("from_lsn", fromLsn), LsnText.parse("to_lsn", toLsn));
    }
}
