package io.shadowwrite.verification.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.canonical.RowHash;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresTest;
import io.shadowwrite.testsupport.Source;
import io.shadowwrite.testsupport.Target;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

@PostgresTest
class AgreedHashTest {

    private final Database source;
    private final Database target;

    AgreedHashTest(@Source Database source, @Target Database target) {
        this.source = source;
        this.target = target;
    }

    @Test
    void isTheServersOwnWhereBothGiveTheSameAnswers() throws SQLException {
        assertThat(agreed()).isEqualTo(RowHash.SERVER);
    }

    @Test
    void isMd5WhereOneServerHashesAnotherWay() throws SQLException {
        anotherWay("# 1");

        assertThat(agreed()).isEqualTo(RowHash.MD5);
    }

    @Test
    void isMd5WhereTheyDifferOnLongTextsOnly() throws SQLException {
        anotherWay("# (length($1) > 1000)::int");

        assertThat(agreed()).isEqualTo(RowHash.MD5);
    }

    /** As a build of PostgreSQL with another hash function answers; of this database alone. */
    private void anotherWay(String change) {
        target.execute(
                "alter function pg_catalog.hashtextextended(text, bigint) rename to hashtextextended_of_this_build",
                "create function pg_catalog.hashtextextended(text, bigint) returns bigint language sql immutable strict"
                        + " as $$ select pg_catalog.hashtextextended_of_this_build($1, $2) " + change + " $$");
    }

    private RowHash agreed() throws SQLException {
        try (Connection left = source.connect();
                Connection right = target.connect()) {
            return AgreedHash.of(left, right);
        }
    }
}
