package io.shadowwrite.protocol;

import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.util.Timeout;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.client.RestClient;

/** Requests that are written line by line while what they carry is still being read. Thread-safe. */
final class LineRequests {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /** More than any program sends at a time; what bounds them is the program. */
    private static final int MOST_CONNECTIONS = 64;

    private final RestClient client;

    /**
     * Over connections of its own.
     *
     * @param answerTimeout from the last line to the answer
     */
    LineRequests(URI baseUrl, String token, Duration answerTimeout) {
        this.client = RestClient.builder()
                .baseUrl(baseUrl)
                .requestFactory(requests(answerTimeout))
                .defaultHeader(HttpHeaders.AUTHORIZATION, "Bearer " + token)
                .configureMessageConverters(converters -> converters
                        .disableDefaults()
                        .withJsonConverter(new JacksonJsonHttpMessageConverter(WireJson.mapper())))
                .defaultStatusHandler(new ProblemReader())
                .build();
    }

    /**
     * Sends one, once. Whatever writes the lines breaks it off by throwing, which comes out as it is.
     *
     * @param what is sent, as a person calls it
     * @throws ShadowProblem what the API answered, or that nobody knows
     */
    <T> T post(String path, StreamingHttpOutputMessage.Body lines, Class<T> type, String what) {
        try {
            T answer = client.post()
                    .uri(path)
                    .contentType(MediaType.parseMediaType(LongTransaction.MEDIA_TYPE))
                    .accept(MediaType.APPLICATION_JSON)
                    .body(lines)
                    .retrieve()
                    .body(type);
            return Objects.requireNonNull(answer);
        } catch (UncheckedIOException cut) {
            throw new ShadowProblem(
                    ProblemType.TARGET_UNAVAILABLE, "shadow-api went away in the middle of " + what, cut);
        } catch (RuntimeException failure) {
            throw OnlyProblems.translated(failure);
        }
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
