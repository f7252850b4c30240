package io.shadowwrite.api.deadletter;

import io.shadowwrite.api.database.Dictionary;
import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.api.provenance.Provenance;
import io.shadowwrite.api.window.Windows;
import io.shadowwrite.api.write.Parking;
import io.shadowwrite.api.write.TargetWriter;

/** Puts what handles dead letters together. */
public final class DeadLetters {

    private final Sieve sieve;
    private final DeadLetterController controller;
    private final SelectionController selectionController;

    /** @param mostOpen open letters; beyond it nothing more is parked, and the stream stands */
    public DeadLetters(
            ShadowDatabase database, Windows windows, Dictionary dictionary, TargetWriter target, int mostOpen) {
        Letters letters = new Letters(database, dictionary, mostOpen);
        Listing listing = new Listing(database);
        Replays replays =
                new Replays(database, windows, dictionary, letters, target, new Provenance(database, dictionary));
        Resolutions resolutions = new Resolutions(database, windows, dictionary, letters);
        sieve = new Sieve(database, dictionary, letters);
        controller = new DeadLetterController(
                new LetterIntake(database, windows, dictionary, letters, target),
                listing,
                new Corrections(database, windows, dictionary, letters, listing, target),
                replays,
                resolutions);
        selectionController = new SelectionController(new Selections(database, listing, letters, replays, resolutions));
    }

    /** What the writer asks about each batch while something is parked. */
    public Parking parking() {
        return sieve;
    }

    public DeadLetterController controller() {
        return controller;
    }

    public SelectionController selectionController() {
        return selectionController;
    }
}
