package org.example.unified;

import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The one pool of this service. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

    @Bean(destroyMethod = "close")
    HikariDataSource dataSource(UnifiedProperties properties) {
        HikariDataSource pool = new HikariDataSource();
        pool.setPoolName("unified");
        pool.setJdbcUrl(properties.database().url());
        pool.setUsername(properties.database().user());
        pool.setPassword(properties.database().password());
        pool.setMaximumPoolSize(4);
        pool.addDataSourceProperty("ApplicationName", "unified-service");
        return pool;
    }

    @Bean
    JdbcClient jdbcClient(DataSource dataSource) {
        return JdbcClient.create(dataSource);
    }
}
