package io.shadowwrite.cli.cutover;

import java.time.Duration;
import java.util.List;

/**
 * What an attempt is told.
 *
 * @param who runs it
 * @param why it is run
 * @param approvals names of those who agreed
 * @param quiet how long nobody may have written before the final LSN is taken
 * @param writersEnd how long transactions that write may take to end
 * @param drained how long the readers may take to reach the final LSN
 * @param compared how long the comparison may take
 * @param lease after which the consumer goes on when this program dies
 * @param permit how long the permit holds
 */
public record CutoverSettings(
        String who,
        String why,
        List<String> approvals,
        Duration quiet,
        Duration writersEnd,
        Duration drained,
        Duration compared,
        Duration lease,
        Duration permit) {

    public CutoverSettings {
        approvals = List.copyOf(approvals);
    }
}
