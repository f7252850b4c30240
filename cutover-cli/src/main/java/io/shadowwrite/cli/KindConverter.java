package io.shadowwrite.cli;

import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The kinds of a fence as they are typed. */
final class KindConverter implements ITypeConverter<FenceOptions.Kind> {

    @Override
    public FenceOptions.Kind convert(String text) {
        return Arrays.stream(FenceOptions.Kind.values())
                .filter(kind -> kind.toString().equals(text))
                .findFirst()
                .orElseThrow(() ->
                        new TypeConversionException("'%s' is none of operator, read-only, command".formatted(text)));
    }
}
