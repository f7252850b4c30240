package io.shadowwrite.api.problem;

import io.shadowwrite.protocol.ShadowApi;
import io.shadowwrite.protocol.WireJson;
import io.shadowwrite.protocol.WriteBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.http.MediaType;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;

/** Reads and writes the records of the protocol with its strict mapper; every other type is left to the host's own. */
public final class WireConverter extends JacksonJsonHttpMessageConverter {

    private static final String PROTOCOL = ShadowApi.class.getPackageName();

    public WireConverter() {
        super(WireJson.mapper());
        setSupportedMediaTypes(List.of(MediaType.APPLICATION_JSON, MediaType.APPLICATION_PROBLEM_JSON));
    }

    @Override
    public boolean canRead(ResolvableType type, @Nullable MediaType mediaType) {
        return isOurs(type) && super.canRead(type, mediaType);
    }

    @Override
    public boolean canWrite(ResolvableType type, Class<?> valueClass, @Nullable MediaType mediaType) {
        return (isOurs(type) || isOurs(valueClass)) && super.canWrite(type, valueClass, mediaType);
    }

    @Override
    protected ObjectReader customizeReader(ObjectReader reader, JavaType type) {
        return type.hasRawClass(WriteBatch.class) ? WireJson.forWrites(reader) : reader;
    }

    private static boolean isOurs(ResolvableType type) {
        return isOurs(type.toClass())
                || (List.class.isAssignableFrom(type.toClass())
                        && isOurs(type.asCollection().getGeneric(0).toClass()));
    }

    private static boolean isOurs(Class<?> type) {
        return type.getPackageName().equals(PROTOCOL);
    }
}
