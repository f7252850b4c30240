package io.shadowwrite.system.suite;

import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.TcpProxy;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Every connection of the programs of a suite goes through one of these, where it can be broken. Safe for any thread. */
public final class Links implements AutoCloseable {

    private final Map<Link, TcpProxy> proxies = new EnumMap<>(Link.class);

    /** What is at the other end. */
    public enum Link {
        SOURCE,
        TARGET,
        API
    }

    Links(Database source, Database target, int api) {
        proxies.put(Link.SOURCE, TcpProxy.to(source.port()));
        proxies.put(Link.TARGET, TcpProxy.to(target.port()));
        proxies.put(Link.API, TcpProxy.to(api));
    }

    /** What stands between the programs and it. */
    public TcpProxy to(Link link) {
        return Objects.requireNonNull(proxies.get(link));
    }

    /** The same launch with the proxies in the place of what is behind them. */
    Launch through(Launch launch) {
        Launch linked = through(launch, "shadow.source.url", Link.SOURCE);
        linked = through(linked, "shadow.target.url", Link.TARGET);
        return through(linked, "shadow.api.url", Link.API);
    }

    private Launch through(Launch launch, String setting, Link link) {
        String url = launch.settings().get(setting);
        return url == null ? launch : launch.with(setting, url.replaceFirst(":\\d+", ":" + to(link).port()));
    }

    @Override
    public void close() {
        proxies.values().forEach(TcpProxy::close);
    }
}
