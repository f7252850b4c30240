package io.shadowwrite.protocol;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.postgresql.replication.LogSequenceNumber;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.support.DefaultConversionService;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

/** Makes clients of shadow-api. Thread-safe; one per process. */
public final class ShadowApiClient {

    /** Most connections a client opens; a caller beyond that waits, at most its timeout. */
    public static final int MAX_CONNECTIONS = 8;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    private ShadowApiClient() {}

    /**
     * A client over a bounded connection pool. It never repeats a request by itself: what to repeat, and when, is the
     * caller's decision.
     *
     * @param baseUrl scheme, host and port, without path
     * @param token bearer token
     * @param timeout bound on waiting for a connection and on waiting for the answer; a request without an answer by then
     *     is TARGET_UNAVAILABLE
     */
    public static ShadowApi connect(URI baseUrl, String token, Duration timeout) {
        ProblemReader problems = new ProblemReader();
        RestClient client = RestClient.builder()
                .baseUrl(baseUrl)
                .requestFactory(new HttpComponentsClientHttpRequestFactory(http(timeout)))
                .defaultHeader(HttpHeaders.AUTHORIZATION, "Bearer " + token)
                .configureMessageConverters(
                        converters -> converters.disableDefaults().withJsonConverter(json()))
                .defaultStatusHandler(problems)
                .build();
        ShadowApi routes = HttpServiceProxyFactory.builderFor(RestClientAdapter.create(client))
                .conversionService(pathsAndQueries())
                .build()
                .createClient(ShadowApi.class);
        return OnlyProblems.over(routes);
    }

    private static ConversionService pathsAndQueries() {
        DefaultConversionService conversions = new DefaultConversionService();
        conversions.addConverter(LogSequenceNumber.class, String.class, LsnText::of);
        conversions.addConverter(ReadKind.class, String.class, ReadKind::path);
        return conversions;
    }

    private static JacksonJsonHttpMessageConverter json() {
        return new JacksonJsonHttpMessageConverter(WireJson.mapper());
    }

    /** Over a bounded connection pool of its own; it repeats nothing by itself. */
    static CloseableHttpClient http(Duration timeout) {
        Timeout bound = Timeout.of(timeout);
        PoolingHttpClientConnectionManager pool = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnTotal(MAX_CONNECTIONS)
                .setMaxConnPerRoute(MAX_CONNECTIONS)
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(shorter(CONNECT_TIMEOUT, timeout)))
                        .setSocketTimeout(bound)
                        .setValidateAfterInactivity(TimeValue.of(500, TimeUnit.MILLISECONDS))
                        .build())
                .build();
        return HttpClients.custom()
                .setConnectionManager(pool)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(bound)
                        .setResponseTimeout(bound)
                        .build())
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .build();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
