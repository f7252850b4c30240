package io.shadowwrite.replication.source;

import io.shadowwrite.replication.TableName;

/**
 * A column of a table, as the catalog describes it now.
 *
 * @param table the table that was asked for; for a partition the root of its tree
 * @param type as {@code format_type} spells it without a search path
 * @param notNull whether it is declared NOT NULL
 * @param equality the operator that an index of its type finds equal values by, as SQL, without a search path
 */
public record SourceColumn(TableName table, String name, String type, boolean notNull, String equality) {}
