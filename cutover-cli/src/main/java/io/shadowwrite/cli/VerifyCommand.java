package io.shadowwrite.cli;

import picocli.CommandLine.Command;

/** Runs of the verifier, and what they found. */
@Command(
        name = "verify",
        description = "Shows what verifications found, and compares a finding again.",
        mixinStandardHelpOptions = true,
        subcommands = {VerifyRunCommand.class, VerifyShowCommand.class, VerifyRecheckCommand.class})
final class VerifyCommand {}
