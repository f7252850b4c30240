package org.example.unified;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What has to be set.
 *
 * @param apiKey what every caller of the API presents
 */
@ConfigurationProperties("unified")
record UnifiedProperties(String apiKey, Database database) {

    UnifiedProperties {
        if (apiKey == null || apiKey.isBlank()) {
            throw new IllegalArgumentException("set unified.api-key (UNIFIED_API_KEY)");
        }
    }

    /** Where the tables are. */
    record Database(String url, String user, String password) {

        @Override
        public String toString() {
            return "Database[url=%s, user=%s]".formatted(url, user);
        }
    }

    @Override
    public String toString() {
        return "UnifiedProperties[database=%s]".formatted(database);
    }
}
