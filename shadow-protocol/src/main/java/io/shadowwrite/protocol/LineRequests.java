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

    /** More than any program sends at a time; what bounds them is the program. */
    private static final int MOST_CONNECTIONS = 64;

    private LineRequests() {}

    /** @param answerTimeout from the last line to the answer */
    static RestClient client(URI baseUrl, String token, Duration answerTimeout) {
        return RestClient.builder()
                .baseUrl(baseUrl)
                .requestFactory(requests(answerTimeout))
                .defaultHeader(HttpHeaders.AUTHORIZATION, "Bearer " + token)
                .configureMessageConverters(converters -> converters
                        .disableDefaults()
                        .withJsonConverter(new JacksonJsonHttpMessageConverter(WireJson.mapper())))
                .defaultStatusHandler(new ProblemReader())
                .build();
    }

    private static HttpComponentsClientHttpRequestFactory requests(Duration answerTimeout) {
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
                        .setResponseTimeout(Timeout.of(answerTimeout))
                        .build())
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .build());
    }
}
