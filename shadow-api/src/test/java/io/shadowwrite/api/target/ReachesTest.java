package io.shadowwrite.api.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.shadowwrite.api.database.ShadowDatabase;
import io.shadowwrite.contract.ColumnType;
import io.shadowwrite.contract.QualifiedName;
import io.shadowwrite.contract.TargetModel;
import io.shadowwrite.testsupport.Database;
import io.shadowwrite.testsupport.PostgresServer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ReachesTest {

    private static final List<TargetModel> MODELS = List.of(
            model("Region", "region", "land", "code"),
            model("Place", "place", "id"),
            model("Shop", "shop", "id"),
            model("Sale", "sale", "id"));

    private static final String TABLES = """
            create schema app;
            create table app.region (land text, code text, name text unique, primary key (land, code));
            create table app.place (id bigint primary key, region_code text, region_land text,
                                    foreign key (region_code, region_land) references app.region (code, land)
                                        on update cascade);
            create table app.shop (id bigint primary key, place_id bigint references app.place on delete set null,
                                   region_name text references app.region (name));
            create table app.sale (id bigint, shop_id bigint references app.shop, primary key (id))
                   partition by range (id);
            create table app.sale_1 partition of app.sale for values from (1) to (100);
            create table app.unmapped (shop_id bigint references app.shop);
            """;

    private static TargetModel model(String name, String table, String... key) {
        Map<String, ColumnType> columns = new LinkedHashMap<>();
        for (String column : key) {
            columns.put(column, ColumnType.parse("text"));
        }
        columns.put("name", ColumnType.parse("text"));
        return new TargetModel.Crud(name, new QualifiedName("app", table), List.of(key), columns);
    }

    private static Reach reachOf(String... statements) {
        try (PostgresServer server = PostgresServer.start(PostgresServer.Role.TARGET)) {
            Database target = server.createDatabase("reach");
            target.runScript(TABLES);
            target.execute(statements);
            try (ShadowDatabase database = new ShadowDatabase(
                    new ShadowDatabase.Settings(target.jdbcUrl(), target.user(), target.password(), 2))) {
                return new Reaches(MODELS, database).current();
            }
        }
    }

    @Test
    void knowsForeignKeysOntoTheKeysOfModelsAndWhatRemovalsTakeAlong() {
        Reach reach = reachOf();

        assertThat(reach.writesAct()).containsExactly("Region");
        assertThat(reach.updatesLockOut()).containsExactly("Region");
        assertThat(reach.removalsAct()).containsExactly("Place");
        assertThat(reach.references()).containsOnlyKeys("Place", "Shop", "Sale");
        assertThat(references(reach, "Place")).containsExactly("Region by [region_land, region_code]");
        assertThat(references(reach, "Shop")).containsExactly("Place by [place_id]");
        assertThat(references(reach, "Sale")).contains("Shop by [shop_id]");
    }

    private static List<String> references(Reach reach, String model) {
        return Objects.requireNonNull(reach.references().get(model)).stream()
                .map(reference -> reference.parent().name() + " by " + reference.columns())
                .toList();
    }

    @Test
    void knowsTablesThatActByThemselves() {
        Reach reach = reachOf(
                "create function app.act() returns trigger language plpgsql as $$ begin return new; end $$",
                "create trigger act after update on app.sale_1 for each row execute function app.act()",
                "create rule act as on insert to app.shop do also nothing",
                "alter table app.shop drop constraint shop_region_name_fkey",
                "create unique index on app.place (region_code) where region_land is null");

        assertThat(reach.writesAct()).containsExactlyInAnyOrder("Sale", "Shop");
        assertThat(reach.updatesLockOut()).containsExactly("Region");
        assertThat(reach.removalsAct()).containsExactly("Place");
    }
}
