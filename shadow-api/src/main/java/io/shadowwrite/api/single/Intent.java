package io.shadowwrite.api.single;

import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.protocol.Action;

/** What a route asks of a row. The names are part of stored fingerprints. */
enum Intent {
    SCD_CREATE("/shadow/write/scd/create"),
    SCD_UPDATE("/shadow/write/scd/update"),
    SCD_ARCHIVE("/shadow/write/scd/archive"),
    CRUD_CREATE("/shadow/write/crud/create"),
    CRUD_UPDATE("/shadow/write/crud/update"),
    CRUD_DELETE("/shadow/write/crud/delete");

    private final String route;

    Intent(String route) {
        this.route = route;
    }

    String route() {
        return route;
    }

    Action action() {
        return removes() ? Action.REMOVE : Action.UPSERT;
    }

    boolean creates() {
        return this == SCD_CREATE || this == CRUD_CREATE;
    }

    boolean removes() {
        return this == SCD_ARCHIVE || this == CRUD_DELETE;
    }

    /** Whether the route is for models of this kind. */
    boolean fits(TargetModel model) {
        boolean versions = switch (this) {
            case SCD_CREATE, SCD_UPDATE, SCD_ARCHIVE -> true;
            case CRUD_CREATE, CRUD_UPDATE, CRUD_DELETE -> false;
        };
        return switch (model) {
            case TargetModel.Scd2 _ -> versions;
            case TargetModel.Crud _, TargetModel.Junction _ -> !versions;
        };
    }
}
