package io.shadowwrite.protocol;

import static io.shadowwrite.protocol.ReaderState.HALTED;
import static io.shadowwrite.protocol.ReaderState.HOLDING;
import static io.shadowwrite.protocol.ReaderState.STARTING;
import static io.shadowwrite.protocol.ReaderState.STOPPING;
import static io.shadowwrite.protocol.ReaderState.STREAMING;
import static io.shadowwrite.protocol.ReaderState.WAITING_FOR_SLOT;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReaderStateTest {

    private static final Map<ReaderState, Set<ReaderState>> ALLOWED = Map.of(
            STARTING, EnumSet.of(STARTING, WAITING_FOR_SLOT, STREAMING, HALTED, STOPPING),
            WAITING_FOR_SLOT, EnumSet.of(STARTING, WAITING_FOR_SLOT, STREAMING, HALTED, STOPPING),
            STREAMING, EnumSet.allOf(ReaderState.class),
            HOLDING, EnumSet.allOf(ReaderState.class),
            HALTED, EnumSet.of(HALTED, STOPPING),
            STOPPING, EnumSet.of(STOPPING));

    @ParameterizedTest
    @MethodSource("everyPair")
    void onlyTheListedStatesFollowAState(ReaderState from, ReaderState to) {
        assertThat(from.mayBecome(to))
                .isEqualTo(ALLOWED.getOrDefault(from, Set.of()).contains(to));
    }

    static Stream<Arguments> everyPair() {
        return Stream.of(ReaderState.values())
                .flatMap(from -> Stream.of(ReaderState.values()).map(to -> Arguments.of(from, to)));
    }
}
