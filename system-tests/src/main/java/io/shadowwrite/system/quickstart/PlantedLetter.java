package io.shadowwrite.system.quickstart;

import io.shadowwrite.testsupport.Database;

/**
 * One change that the target refuses: a rule there that nobody told the contract of, and a source row that breaks it.
 *
 * @param key of the row, as the list of dead letters shows it
 */
record PlantedLetter(String key) {

    private static final String SLUG = "planted-by-the-quickstart";

    static PlantedLetter plant(Database source, Database target) {
        target.execute("ALTER TABLE unified.tag ADD CONSTRAINT planted CHECK (label <> 'LOUD') NOT VALID");
        source.execute("INSERT INTO partners.tag (slug, label) VALUES ('%s', 'LOUD')".formatted(SLUG));
        return new PlantedLetter("{\"slug\":\"%s\"}".formatted(SLUG));
    }

    /** Takes the rule away; the change can be replayed then. */
    void mend(Database target) {
        target.execute("ALTER TABLE unified.tag DROP CONSTRAINT planted");
    }

    /** Whether the row has come to the target. */
    boolean arrived(Database target) {
        return target.queryForLong("SELECT count(*) FROM unified.tag WHERE slug = '%s'".formatted(SLUG)) == 1;
    }
}
