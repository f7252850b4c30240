package io.shadowwrite.contract;

/**
 * One thing wrong with a contract file.
 *
 * @param pointer RFC 6901 pointer to the offending value, empty for the whole file
 * @param message what is wrong and what would be right
 */
public record ContractProblem(String pointer, String message) {

    @Override
    public String toString() {
        return (pointer.isEmpty() ? "/" : pointer) + ": " + message;
    }
}
