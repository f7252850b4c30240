package io.shadowwrite.cli;

import io.shadowwrite.protocol.LsnText;
import io.shadowwrite.protocol.ShadowProblem;
import org.postgresql.replication.LogSequenceNumber;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A log sequence number as PostgreSQL spells it, or in decimal digits as the API does. */
final class LsnConverter implements ITypeConverter<LogSequenceNumber> {

    @Override
    public LogSequenceNumber convert(String text) {
        if (text.matches("[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}")) {
            return LogSequenceNumber.valueOf(text);
        }
        try {
            return LsnText.parse("it", text);
        } catch (ShadowProblem neither) {
            throw new TypeConversionException("'%s' is no LSN such as 16/B374D848 or 97500059720".formatted(text));
        }
    }
}
