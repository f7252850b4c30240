package io.shadowwrite.api;

import io.shadowwrite.api.metrics.ApiMetrics;
import io.shadowwrite.api.metrics.RequestMetrics;
import io.shadowwrite.api.problem.WireConverter;
import io.shadowwrite.api.security.TokenInterceptor;
import io.shadowwrite.api.security.Tokens;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** What every request passes before a controller of ours sees it, and how its answer is spelled. */
final class ShadowWebMvc implements WebMvcConfigurer {

    private final RequestMetrics clock;
    private final TokenInterceptor door;

    ShadowWebMvc(Tokens tokens, ApiMetrics metrics) {
        this.clock = new RequestMetrics(metrics);
        this.door = new TokenInterceptor(tokens);
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        // The clock first, so that what the door refuses is counted.
        registry.addInterceptor(clock);
        registry.addInterceptor(door);
    }

    @Override
    public void configureMessageConverters(HttpMessageConverters.ServerBuilder builder) {
        builder.addCustomConverter(new WireConverter());
    }
}
