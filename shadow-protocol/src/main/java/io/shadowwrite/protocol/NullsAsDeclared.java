package io.shadowwrite.protocol;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;

/** Refuses a JSON null wherever the component of a record, or the content of its collection, is not declared nullable. */
final class NullsAsDeclared extends JacksonAnnotationIntrospector {

    @Override
    public JsonSetter.Value findSetterInfo(MapperConfig<?> config, Annotated annotated) {
        if (annotated instanceof AnnotatedParameter parameter
                && parameter.getOwner().getAnnotated() instanceof Constructor<?> constructor
                && constructor.getDeclaringClass().isRecord()) {
            AnnotatedType type = constructor.getAnnotatedParameterTypes()[parameter.getIndex()];
            return JsonSetter.Value.construct(nulls(type), contentNulls(type));
        }
        return super.findSetterInfo(config, annotated);
    }

    private static Nulls contentNulls(AnnotatedType type) {
        if (type instanceof AnnotatedParameterizedType generic) {
            return nulls(
                    generic.getAnnotatedActualTypeArguments()[generic.getAnnotatedActualTypeArguments().length - 1]);
        }
        return Nulls.DEFAULT;
    }

    private static Nulls nulls(AnnotatedType type) {
        return type.isAnnotationPresent(Nullable.class) ? Nulls.DEFAULT : Nulls.FAIL;
    }
}
