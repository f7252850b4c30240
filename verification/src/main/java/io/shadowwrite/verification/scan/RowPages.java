package io.shadowwrite.verification.scan;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows looked up page by page, keys ascending by their UTF-8 bytes within a page and from one page to the next. Not
 * thread-safe; lives as long as the reader it was given to.
 */
@FunctionalInterface
public interface RowPages {

    /** The columns of the rows with these keys, long values shortened; keys without a row are absent. */
    Map<String, List<@Nullable String>> rows(Collection<String> keys) throws SQLException;

    /** Somebody who looks rows up. */
    @FunctionalInterface
    interface Reader<T> {
        T read(RowPages pages) throws SQLException;
    }
}
