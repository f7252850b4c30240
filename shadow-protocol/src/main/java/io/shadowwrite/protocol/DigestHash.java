package io.shadowwrite.protocol;

/** How rows are hashed for a digest; both sides of a comparison must hash alike. */
public enum DigestHash {
    /** The same on every server. */
    MD5,
    /** The server's own, faster; only for servers whose probes are equal. */
    SERVER
}
