package io.shadowwrite.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A file system of a few megabytes in memory, which can be filled and freed. For one thread. */
final class SmallDisk implements AutoCloseable {

    private static final int MEGABYTE = 1 << 20;
    private static final int PAGE = 4096;

    private static final Set<SmallDisk> MOUNTED = ConcurrentHashMap.newKeySet();

    static {
        // One that is still mounted when the tests end takes the machine's memory until somebody notices.
        Runtime.getRuntime().addShutdownHook(new Thread(SmallDisk::detachAll, "disks-cleanup"));
    }

    private final Path mount;

    private SmallDisk(Path mount) {
        this.mount = mount;
    }

    /** One that the servers' user owns; empty where this user may not mount any. */
    static Optional<SmallDisk> mounted(int megabytes) throws IOException {
        Path mount = Files.createTempDirectory("shadow-disk-");
        if (HostCommand.code(
                        "mount",
                        "-t",
                        "tmpfs",
                        "-o",
                        "mode=0755,size=%dm".formatted(megabytes),
                        "tmpfs",
                        mount.toString())
                != 0) {
            Files.delete(mount);
            return Optional.empty();
        }
        SmallDisk disk = new SmallDisk(mount);
        MOUNTED.add(disk);
        return Optional.of(disk);
    }

    /** Whoever still uses one is being ended at the same time. */
    private static void detachAll() {
        for (SmallDisk disk : MOUNTED) {
            HostCommand.code("umount", "--lazy", disk.mount.toString());
            HostCommand.code("rmdir", disk.mount.toString());
        }
    }

    /** A directory of that name on it that belongs to whom that other path belongs. */
    Path directoryLike(String name, Path other) throws IOException {
        Path directory = Files.createDirectory(mount.resolve(name));
        Files.setOwner(directory, Files.getOwner(other));
        HostCommand.must("chmod", "700", directory.toString());
        return directory;
    }

    /** Moves a directory on to it and leaves a link. */
    void take(Path directory) {
        Path here = mount.resolve(directory.getFileName());
        HostCommand.must("cp", "-a", directory.toString(), here.toString());
        HostCommand.must("rm", "-r", directory.toString());
        HostCommand.must("ln", "-s", here.toString(), directory.toString());
    }

    /** Until not one page is left. */
    void fill() throws IOException {
        try (OutputStream ballast = Files.newOutputStream(ballast())) {
            write(ballast, MEGABYTE);
            write(ballast, PAGE);
        }
    }

    /** As long as there is room. */
    private static void write(OutputStream ballast, int size) {
        byte[] piece = new byte[size];
        try {
            while (true) {
                ballast.write(piece);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    void free() throws IOException {
        Files.deleteIfExists(ballast());
    }

    private Path ballast() {
        return mount.resolve("ballast");
    }

    /** When whoever used it has ended. */
    @Override
    public void close() {
        HostCommand.must("umount", mount.toString());
        MOUNTED.remove(this);
        try {
            Files.delete(mount);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
