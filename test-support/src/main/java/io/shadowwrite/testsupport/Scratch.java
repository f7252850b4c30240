package io.shadowwrite.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Directories that belong to the user who runs the servers, and what is undone when the JVM ends. */
final class Scratch {

    private static final Deque<Runnable> AT_EXIT = new ArrayDeque<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Scratch::undoAll, "postgres-cleanup"));
    }

    private Scratch() {}

    static Path newDirectory() {
        try {
            return own(Files.createTempDirectory("shadow-pg-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Creates the directory if needed and hands it to the server's user. */
    static Path own(Path directory) {
        try {
            Files.createDirectories(directory);
            String user = Command.serverUser();
            if (!user.isEmpty()) {
                Files.setOwner(
                        directory,
                        FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(user));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (Command.of("test", "-w", directory.toString()).asServerUser().run().exitCode() != 0) {
            throw new IllegalStateException("The user " + Command.serverUser() + " cannot write to " + directory
                    + "; choose a directory whose parents everybody may enter");
        }
        return directory;
    }

    /** Undone in reverse order when the JVM ends. */
    static synchronized void atExit(Runnable undo) {
        AT_EXIT.push(undo);
    }

    static synchronized void notAtExit(Runnable undo) {
        AT_EXIT.remove(undo);
    }

    private static synchronized @Nullable Runnable next() {
        return AT_EXIT.poll();
    }

    private static void undoAll() {
        for (Runnable undo = next(); undo != null; undo = next()) {
            try {
                undo.run();
            } catch (RuntimeException e) {
                System.err.println("Clean-up failed: " + e);
            }
        }
    }

    /** Removes a tree; a file that is already gone is fine. */
    static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
                        throws IOException {
                    Files.deleteIfExists(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
