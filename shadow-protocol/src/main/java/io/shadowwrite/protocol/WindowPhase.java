package io.shadowwrite.protocol;

/** How far the opening of a window is; what comes after it is told by hold, runs and audit. */
public enum WindowPhase {
    /** Rows of a snapshot are being loaded and compared; readers may read, nothing of the stream is applied. */
    LOADING,
    /** What was loaded is taken away again; nothing else can become of this window. */
    DISCARDING,
    /** The stream is applied. */
    STREAMING
}
