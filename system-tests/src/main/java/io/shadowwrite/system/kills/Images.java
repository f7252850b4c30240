package io.shadowwrite.system.kills;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What a row looked like, as digests, one after the other. */
final class Images {

    private Images() {}

    /**
     * How many of the versions cannot be explained by the images in their order: each version must look like an image that
     * is not before that of the version before it. Transactions that change a row several times leave one version, and a
     * change that nobody sees leaves none, so that images may be skipped.
     */
    static long misordered(List<String> images, List<String> versions) {
        List<String> expected = withoutRepetition(images);
        long wrong = 0;
        int next = 0;
        for (String version : withoutRepetition(versions)) {
            int found = next;
            while (found < expected.size() && !expected.get(found).equals(version)) {
                found++;
            }
            if (found == expected.size()) {
                wrong++;
            } else {
                next = found;
            }
        }
        return wrong;
    }

    private static List<String> withoutRepetition(List<String> all) {
        List<String> different = new ArrayList<>();
        for (String each : all) {
            if (different.isEmpty() || !Objects.equals(different.getLast(), each)) {
                different.add(each);
            }
        }
        return different;
    }
}
