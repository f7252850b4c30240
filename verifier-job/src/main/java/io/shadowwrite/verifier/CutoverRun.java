package io.shadowwrite.verifier;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.protocol.RowStreams;
import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.ShadowApiClient;
import io.shadowwrite.replication.source.SourceConnection;
import io.shadowwrite.verification.CutoverTick;
import io.shadowwrite.verification.TickResult;
import io.shadowwrite.verification.TickSettings;
import io.shadowwrite.verification.pin.PausedSource;
import io.shadowwrite.verification.pin.PinSettings;
import io.shadowwrite.verification.progress.Progress;
import java.io.IOException;
import java.time.Clock;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The comparison at the final LSN, with clients that wait as long as a scan may take. */
record CutoverRun(VerifierProperties settings, Contract contract, SourceConnection source, Progress progress) {

    private static final Logger LOG = LoggerFactory.getLogger(CutoverRun.class);

    TickResult at(LogSequenceNumber finalLsn, PinSettings pin, TickSettings tick) {
        VerifierProperties.Api at = settings.api();
        ShadowApi api = ShadowApiClient.connect(
                at.url(), at.token(), settings.verifier().statementTimeout());
        Patience patience = new Patience(at.patience());
        ApiReaders readers = new ApiReaders(api, patience);
        RowStreams streams =
                RowStreams.connect(at.url(), at.token(), settings.verifier().statementTimeout());
        try {
            Patience whileBusy = new Patience(at.patience(), settings.verifier().statementTimeout());
            ApiCalls calls = new ApiCalls(whileBusy, settings.verifier().readers(), finalLsn);
            return new CutoverTick(
                            contract,
                            new PausedSource(source, readers, finalLsn, pin, progress),
                            new ApiTarget(contract, api, streams, calls, readers, tick.bucketBits()),
                            finalLsn,
                            tick,
                            Clock.systemUTC(),
                            progress)
                    .run();
        } finally {
            close(streams);
        }
    }

    private static void close(RowStreams streams) {
        try {
            streams.close();
        } catch (IOException e) {
            // Everything was read; the process ends soon.
            LOG.info("The connections to shadow-api did not close: {}", e.getMessage());
        }
    }
}
