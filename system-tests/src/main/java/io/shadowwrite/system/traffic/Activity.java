package io.shadowwrite.system.traffic;

import java.sql.SQLException;

/** One kind of source transaction. How often it is played is in proportion to its weight. */
public enum Activity {
    /** Partners with contacts, addresses, accounts and tags in one transaction. */
    NEW_PARTNERS(3),
    /** Updates of columns that feed several models. */
    FAN_OUT(4),
    /** Updates of contacts, addresses and accounts. */
    CHILD_UPDATES(4),
    /** Updates after which the target is as before. */
    NO_EFFECT(1),
    /** Rows enter and leave table filters and conditions of writes. */
    FILTER_MOVES(2),
    /** New primary keys, some of which cascade to other tables. */
    KEY_CHANGES(2),
    /** Deletes of rows nothing depends on. */
    DELETES(2),
    /** Deletes that take rows of other tables along. */
    CASCADING_DELETES(2),
    /** COPY, which gives all rows of a batch one WAL position. */
    BULK_COPY(2),
    /** Work undone by a rollback to a savepoint inside a transaction that commits. */
    SAVEPOINTS(2),
    /** Transactions that never commit; their changes are counted here and nowhere else. */
    ROLLED_BACK(1),
    /** Several changes of one row in one transaction. */
    REPEATED_ROW(2),
    /** Insert, delete and insert again of one key in one transaction. */
    REBORN_KEY(2),
    /** Rows whose key is two references. */
    JUNCTIONS(2),
    /** Updates that move rows from one partition to another. */
    PARTITION_MOVES(2),
    /** Rows of a table that is out of scope. */
    UNMAPPED(1),
    /** INSERT ... ON CONFLICT DO UPDATE. */
    UPSERTS(2),
    /** Reference tables, overwritten in place. */
    REFERENCE_DATA(1),
    /** Documents of 20 kB and more. */
    NEW_DOCUMENTS(2),
    /** Updates that leave an out-of-line value alone, so that the log does not carry it. */
    UNTOUCHED_TOAST(2),
    /** Updates of out-of-line values. */
    TOUCHED_TOAST(1),
    /** Rows of tables that log the whole old row. */
    FULL_IDENTITY(2),
    /** Agreements with their lines. */
    NEW_AGREEMENTS(2),
    /** Updates of agreements and lines. */
    AGREEMENT_UPDATES(2),
    /** Price changes. */
    PRICE_UPDATES(3),
    /** Small transactions of one or two rows. */
    SINGLE_ROWS(12);

    private final int weight;

    Activity(int weight) {
        this.weight = weight;
    }

    int weight() {
        return weight;
    }

    boolean commits() {
        return this != ROLLED_BACK;
    }

    /** Writes the statements of one transaction, without its end. */
    void play(Session session) throws SQLException {
        switch (this) {
            case NEW_PARTNERS -> PartnerTraffic.insertWithChildren(session);
            case FAN_OUT -> PartnerTraffic.updateFannedOut(session);
            case CHILD_UPDATES -> PartnerTraffic.updateChildren(session);
            case NO_EFFECT -> PartnerTraffic.updateWithoutEffect(session);
            case FILTER_MOVES -> PartnerTraffic.moveThroughFilters(session);
            case KEY_CHANGES -> KeyTraffic.changeKeys(session);
            case DELETES -> KeyTraffic.deleteLeaves(session);
            case CASCADING_DELETES -> KeyTraffic.deleteCascading(session);
            case BULK_COPY -> PriceTraffic.copy(session);
            case SAVEPOINTS -> TransactionTraffic.rollBackToSavepoints(session);
            case ROLLED_BACK -> TransactionTraffic.writeInVain(session);
            case REPEATED_ROW -> TransactionTraffic.changeOneRowRepeatedly(session);
            case REBORN_KEY -> TransactionTraffic.bringBackKeys(session);
            case JUNCTIONS -> PartnerTraffic.connect(session);
            case PARTITION_MOVES -> PriceTraffic.moveBetweenPartitions(session);
            case UNMAPPED -> ReferenceTraffic.writeAuditLog(session);
            case UPSERTS -> ReferenceTraffic.upsert(session);
            case REFERENCE_DATA -> ReferenceTraffic.change(session);
            case NEW_DOCUMENTS -> DocumentTraffic.insert(session);
            case UNTOUCHED_TOAST -> DocumentTraffic.updateAroundBodies(session);
            case TOUCHED_TOAST -> DocumentTraffic.updateBodies(session);
            case FULL_IDENTITY -> DocumentTraffic.writeNotesAndRatings(session);
            case NEW_AGREEMENTS -> AgreementTraffic.insert(session);
            case AGREEMENT_UPDATES -> AgreementTraffic.update(session);
            case PRICE_UPDATES -> PriceTraffic.update(session);
            case SINGLE_ROWS -> TransactionTraffic.changeOneRow(session);
        }
    }
}
