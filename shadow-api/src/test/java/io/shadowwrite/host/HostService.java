package io.shadowwrite.host;

import com.zaxxer.hikari.HikariDataSource;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.filter.OncePerRequestFilter;

/** A team's own service, with everything a service has of its own, that happens to have shadow-api on its class path. */
@SpringBootConfiguration
@EnableAutoConfiguration
class HostService {

    static final String KEY_HEADER = "X-Host-Key";
    static final String KEY = "the-key-of-the-host";

    @Bean(destroyMethod = "close")
    HikariDataSource dataSource(Environment environment) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(environment.getRequiredProperty("host.url"));
        pool.setUsername(environment.getRequiredProperty("host.user"));
        pool.setPassword(environment.getRequiredProperty("host.password"));
        pool.setMaximumPoolSize(2);
        return pool;
    }

    @Bean(initMethod = "migrate")
    Flyway flyway(DataSource dataSource) {
        return Flyway.configure()
                .dataSource(dataSource)
                .locations("classpath:host/db")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load();
    }

    @Bean
    PlatformTransactionManager transactionManager(DataSource dataSource) {
        return new JdbcTransactionManager(dataSource);
    }

    /** The host's own door stands before everything the host knows of. */
    @Bean
    FilterRegistrationBean<OncePerRequestFilter> hostKey() {
        FilterRegistrationBean<OncePerRequestFilter> registration = new FilterRegistrationBean<>(new KeyFilter());
        registration.addUrlPatterns("/api/*");
        return registration;
    }

    /** Asks for a key in a header of its own. */
    private static final class KeyFilter extends OncePerRequestFilter {
        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            if (KEY.equals(request.getHeader(KEY_HEADER))) {
                chain.doFilter(request, response);
            } else {
                response.setStatus(418);
            }
        }
    }

    /** A route with camel case, null members and an error of its own. */
    @RestController
    static final class Orders {

        private final JdbcTemplate jdbc;

        Orders(DataSource dataSource) {
            this.jdbc = new JdbcTemplate(dataSource);
        }

        /** What the host answers. */
        record Order(long orderId, String articleName) {}

        @GetMapping("/api/orders/{id}")
        Order order(@PathVariable("id") long id) {
            return jdbc.queryForObject(
                    "select * from orders where id = ?",
                    (row, _) -> new Order(row.getLong("id"), row.getString("article")),
                    id);
        }

        @GetMapping("/api/broken")
        Order broken() {
            throw new IllegalStateException("as the host wants it");
        }
    }

    /** How the host speaks of its failures. */
    @RestControllerAdvice
    static final class OwnWords {
        @ExceptionHandler
        Map<String, String> failed(IllegalStateException failure) {
            return Map.of("hostError", String.valueOf(failure.getMessage()));
        }
    }
}
