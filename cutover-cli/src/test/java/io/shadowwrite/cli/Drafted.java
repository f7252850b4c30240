package io.shadowwrite.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.contract.Contract;
import io.shadowwrite.contract.ContractReader;
import io.shadowwrite.protocol.ExitCode;
import io.shadowwrite.testsupport.Database;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A draft from two databases, made by the command itself, and what it said. */
record Drafted(Path file, String out, String err) {

    /** Drafts into a directory; it must succeed. */
    static Drafted of(Path directory, Database source, Database target, String... more) {
        Path file = directory.resolve("contract.json");
        Ran ran = run(arguments(file, source, target, more));
        assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.DONE.code());
        return new Drafted(file, ran.out(), ran.err());
    }

    static List<String> arguments(Path file, Database source, Database target, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "contract",
                "init",
                "--source-url",
                source.jdbcUrl(),
                "--source-user",
                source.user(),
                "--target-url",
                target.jdbcUrl(),
                "--target-user",
                target.user(),
                "--contract",
                file.toString()));
        arguments.addAll(List.of(more));
        return arguments;
    }

    /** How a command ended and what it said. */
    record Ran(int code, String out, String err) {}

    static Ran run(List<String> arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = ShadowCommand.commandLine();
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int code = command.execute(arguments.toArray(String[]::new));
        return new Ran(code, out.toString(), err.toString());
    }

    static String resource(String path) {
        try (InputStream in = Objects.requireNonNull(Drafted.class.getResourceAsStream(path), path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(path, e);
        }
    }

    Contract contract() {
        return new ContractReader().read(file);
    }

    JsonNode json() {
        try {
            return new JsonMapper().readTree(Files.readString(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Without the word before each. */
    List<String> todos() {
        return err.lines()
                .filter(line -> line.startsWith("TODO "))
                .map(line -> line.substring("TODO ".length()))
                .toList();
    }

    /** An expression by its pointer, as JSON. */
    String at(String pointer) {
        return json().at(pointer).toString();
    }

    /** Each points into the draft, and the file beside it has them all. */
    void assertThatEveryTodoHasItsPlace() {
        JsonNode draft = json();
        assertThat(todos()).isNotEmpty().allSatisfy(todo -> {
            String pointer = todo.substring(0, todo.indexOf(": "));
            assertThat(draft.at(pointer).isMissingNode()).as(pointer).isFalse();
        });
        assertThat(todoFile())
                .content()
                .contains(todos().stream()
                        .map(todo -> "- [ ] `%s` %s"
                                .formatted(
                                        todo.substring(0, todo.indexOf(": ")), todo.substring(todo.indexOf(": ") + 2)))
                        .toList());
    }

    Path todoFile() {
        return file.resolveSibling("contract.todo.md");
    }
}
