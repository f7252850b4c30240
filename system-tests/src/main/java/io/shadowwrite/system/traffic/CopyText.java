package io.shadowwrite.system.traffic;

import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows in the text format of COPY. */
final class CopyText {

    private CopyText() {}

    static String of(List<Row> rows) {
        StringBuilder text = new StringBuilder();
        for (Row row : rows) {
            String separator = "";
            for (Object value : row.values()) {
                text.append(separator).append(field(value));
                separator = "\t";
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static String field(@Nullable Object value) {
        return switch (value) {
            case null -> "\\N";
            case byte[] bytes -> "\\\\x" + HexFormat.of().formatHex(bytes);
            case BigDecimal number -> number.toPlainString();
            case String text -> escaped(text);
            default -> value.toString();
        };
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("\t", "\\t");
    }
}
