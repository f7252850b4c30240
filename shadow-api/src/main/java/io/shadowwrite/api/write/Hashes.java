package io.shadowwrite.api.write;

/** A set of numbers that are spread evenly. Grows and never shrinks; belongs to one thread until it is complete. */
final class Hashes {

    private static final int FIRST_SLOTS = 64;

    /** A power of two; 0 marks a slot that is free. */
    private long[] slots = new long[FIRST_SLOTS];

    private int size;

    void add(long hash) {
        if (size * 2 >= slots.length) {
            grow();
        }
        long stored = stored(hash);
        int slot = slot(stored);
        if (slots[slot] == 0) {
            slots[slot] = stored;
            size++;
        }
    }

    /** Whether a number is in both. */
    boolean meets(Hashes other) {
        Hashes few = size <= other.size ? this : other;
        Hashes many = few == this ? other : this;
        for (long stored : few.slots) {
            if (stored != 0 && many.slots[many.slot(stored)] != 0) {
                return true;
            }
        }
        return false;
    }

    private static long stored(long hash) {
        return hash == 0 ? 1 : hash;
    }

    /** Where it is, or where it would be. */
    private int slot(long stored) {
        int slot = (int) stored & (slots.length - 1);
        while (slots[slot] != 0 && slots[slot] != stored) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    private void grow() {
        long[] before = slots;
        slots = new long[before.length * 2];
        for (long stored : before) {
            if (stored != 0) {
                slots[slot(stored)] = stored;
            }
        }
    }
}
