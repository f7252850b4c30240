package io.shadowwrite.protocol;

import java.net.URI;
import java.time.Duration;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.util.Timeout;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.client.RestClient;

/** Connections for requests that are written line by line while what they carry is still being read. */
final class LineRequests {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /** From the last line to the answer: what a target needs to commit millions of rows. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(10);

    /** More than any program sends at a time; what bounds them is the program. */
    private static final int MOST_CONNECTIONS = 64;

    private LineRequests() {}

    static RestClient client(URI baseUrl, String token) {
        return RestClient.builder()
                .baseUrl(baseUrl)
                .requestFactory(requests())
                .defaultHeader(HttpHeaders.AUTHORIZATION, "Bearer " + token)
                .configureMessageConverters(converters -> converters
                        .disableDefaults()
                        .withJsonConverter(new JacksonJsonHttpMessageConverter(WireJson.mapper())))
                .defaultStatusHandler(new ProblemReader())
                .build();
    }

    private static HttpComponentsClientHttpRequestFactory requests() {
        return new HttpComponentsClientHttpRequestFactory(HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnPerRoute(MOST_CONNECTIONS)
                        .setMaxConnTotal(MOST_CONNECTIONS)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(Timeout.of(CONNECT_TIMEOUT))
                                .build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(Timeout.of(CONNECT_TIMEOUT))
                        .setResponseTimeout(Timeout.of(ANSWER_TIMEOUT))
                        .build())
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .build());
    }
}
