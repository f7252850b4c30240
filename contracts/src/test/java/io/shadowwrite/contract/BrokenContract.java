package io.shadowwrite.contract;

import java.util.List;
import java.util.stream.Stream;

/**
 * One change that breaks the small contract.
 *
 * @param pointer where the reader must see it
 * @param message what the reader must say of it, in part
 * @param schemaSees whether a JSON Schema can see it too, because it takes no look at another place
 */
record BrokenContract(String find, String replacement, String pointer, String message, boolean schemaSees) {

    private static final String PERSON = "/sources/old.person";

    private static final String WRITE = PERSON + "/writes/0";

    String text() {
        return SmallContract.with(find, replacement);
    }

    @Override
    public String toString() {
        return replacement + " -> " + message;
    }

    /** What the shape of the file alone tells. */
    static Stream<BrokenContract> shapes() {
        return Stream.of(
                shape("\"version\": 1", "\"version\": 2", "/version", "version 1 only"),
                shape("\"version\": 1,", "", "", "'version' is missing"),
                shape("\"name\": \"small\"", "\"name\": \"sm'all\"", "/name", "quote"),
                shape("\"name\": \"small\"", "\"name\": \"sm\\nall\"", "/name", "control character"),
                shape("\"name\": \"small\"", "\"name\": 7", "/name", "must be a string, not a number"),
                shape(
                        "\"name\": \"small\"",
                        "\"name\": \"small\", \"sorces\": {}",
                        "/sorces",
                        "did you mean 'sources'?"),
                shape("\"kind\": \"crud\"", "\"kind\": \"crut\"", "/models/Tag/kind", "did you mean 'crud'?"),
                shape("\"app.tagging\"", "\"tagging\"", "/models/Tagging/table", "write schema.name"),
                shape("\"valid_to\": \"to_time\",", "", "/models/Person", "'valid_to' is missing"),
                shape("\"archived\": \"is_archived\",", "", "/models/Person/on_delete", "needs 'archived'"),
                shape(
                        "\"on_delete\": \"archive\"",
                        "\"on_delete\": \"archived\"",
                        "/models/Person/on_delete",
                        "'archive'"),
                shape(
                        "\"kind\": \"crud\",",
                        "\"kind\": \"crud\", \"valid_from\": \"a\",",
                        "/models/Tag/valid_from",
                        "unknown key"),
                shape("\"identity\": \"full\"", "\"identity\": \"ful\"", "/sources/old.tagging/identity", "'full'?"),
                shape("\"key\": [\"slug\"]", "\"key\": []", "/sources/old.tag/key", "at least one column"),
                shape("\"key\": [\"slug\"]", "\"key\": \"slug\"", "/sources/old.tag/key", "must be an array"),
                shape("[\"person\", \"tag\"]", "[\"tag\", \"tag\"]", "/sources/old.tagging/key/1", "twice"),
                shape("\"not needed any more\"", "\" \"", "/sources/old.log/unmapped", "say why"),
                shape(
                        "{\"unmapped\": \"not needed any more\"}",
                        "{\"unmapped\": \"x\", \"key\": []}",
                        "/sources/old.log/key",
                        "unknown key"),
                shape(
                        "\"derived\": true}},\n          \"set\"",
                        "\"derived\": 1}},\n          \"set\"",
                        WRITE + "/key/person_id/derived",
                        "must be true"),
                shape(
                        "{\"trim\": {\"column\": \"last\"}}",
                        "{\"trimm\": {\"column\": \"last\"}}",
                        WRITE + "/set/name/concat/1/upper",
                        "did you mean 'trim'?"),
                shape("\"power\": -2", "\"power\": -2.5", WRITE + "/set/amount/scale/power", "whole number"),
                shape("\"power\": -2", "\"power\": 31", WRITE + "/set/amount/scale/power", "whole number"),
                shape(
                        "\"path\": [\"home\", \"city\"]",
                        "\"path\": []",
                        WRITE + "/set/city/coalesce/0/json_field/path",
                        "at least one step"),
                shape("{\"Y\": true}", "{}", WRITE + "/set/vip/map/entries", "at least one entry"),
                shape(
                        "\"op\": \">=\", \"value\"",
                        "\"op\": \"=>\", \"value\"",
                        PERSON + "/filter/op",
                        "unknown operator"),
                shape("\"value\": \"2020-01-01\"", "\"value\": null", PERSON + "/filter/value", "is null"),
                shape("\"values\": [1, \"2\"]", "\"values\": []", WRITE + "/when/any/0/values", "at least one value"),
                shape("\"values\": [1, \"2\"]", "\"value\": 1", WRITE + "/when/any/0", "'values' is missing"),
                shape(
                        "\"writes\": [{\"model\": \"Tag\", \"key\": {\"tag_id\": {\"derived\": true}}, \"set\": {\"label\": {\"column\": \"label\"}}}]",
                        "\"writes\": []",
                        "/sources/old.tag/writes",
                        "unmapped"));
    }

    /** What only a look at the rest of the file tells. */
    static Stream<BrokenContract> meanings() {
        return Stream.of(
                meaning(
                        "\"vip\": \"boolean\"",
                        "\"vip\": \"boolaen\"",
                        "/models/Person/columns/vip",
                        "did you mean 'boolean'?"),
                meaning("\"vip\": \"boolean\"", "\"vip\": \"money\"", "/models/Person/columns/vip", "locale"),
                meaning("\"vip\": \"boolean\"", "\"vip\": \"mood\"", "/models/Person/columns/vip", "needs its schema"),
                meaning("\"since\": \"date\"", "\"since\": \"date(3)\"", PERSON + "/columns/since", "takes nothing"),
                meaning("\"key\": [\"id\"]", "\"key\": [\"idd\"]", PERSON + "/key/0", "did you mean 'id'?"),
                meaning("\"key\": [\"id\"]", "\"key\": [\"rank\"]", PERSON + "/key/0", "cannot be a key"),
                meaning(
                        "[\"person_id\", \"tag_id\"]",
                        "[\"person_id\", \"tagid\"]",
                        "/models/Tagging/key/1",
                        "'tag_id'"),
                meaning(
                        "\"valid_from\": \"from_time\"",
                        "\"valid_from\": \"name\"",
                        "/models/Person/valid_from",
                        "named twice"),
                meaning("\"app.tag\"", "\"app.person\"", "/models/Tag/table", "already that of model 'Person'"),
                meaning(
                        "\"model\": \"Tagging\"",
                        "\"model\": \"Taging\"",
                        "/sources/old.tagging/writes/0/model",
                        "'Tagging'"),
                meaning("\"model\": \"Tagging\"", "\"model\": \"Taging\"", "/models/Tagging", "no source table writes"),
                meaning(
                        "\"set\": {\"label\": {\"column\": \"label\"}}",
                        "\"set\": {}",
                        "/sources/old.tag/writes/0/set",
                        "'label' of model Tag is not set"),
                meaning(
                        "\"set\": {\"label\"",
                        "\"set\": {\"tag_id\": {\"derived\": true}, \"label\"",
                        "/sources/old.tag/writes/0/set/tag_id",
                        "move it to \"key\""),
                meaning(
                        "{\"label\": {\"column\": \"label\"}}",
                        "{\"lable\": {\"column\": \"label\"}}",
                        "/sources/old.tag/writes/0/set/lable",
                        "did you mean 'label'?"),
                meaning(
                        "{\"label\": {\"column\": \"label\"}}",
                        "{\"label\": {\"column\": \"lable\"}}",
                        "/sources/old.tag/writes/0/set/label/column",
                        "did you mean 'label'?"),
                meaning(
                        "{\"label\": {\"column\": \"label\"}}",
                        "{\"label\": {\"derived\": true}}",
                        "/sources/old.tag/writes/0/set/label",
                        "gives uuid, but text"),
                meaning(
                        "{\"tag_id\": {\"derived\": true}}",
                        "{\"tag_id\": {\"column\": \"label\", \"cast\": \"uuid\"}}",
                        "/sources/old.tag/writes/0/key/tag_id",
                        "\"identity\": \"full\""),
                meaning(
                        "{\"tag_id\": {\"derived\": true}}",
                        "{\"tag_id\": {\"constant\": null}}",
                        "/sources/old.tag/writes/0/key/tag_id",
                        "never null"),
                meaning(
                        "{\"tag_id\": {\"derived\": true}}",
                        "{\"tag_id\": {\"column\": \"slug\", \"cast\": \"uuid\"}}",
                        "/sources/old.tagging/writes/0/key/tag_id/reference",
                        "nothing to refer to"),
                meaning(
                        ", \"cast\": \"character varying(10)\"",
                        "",
                        WRITE + "/set/origin",
                        "add \"cast\": \"character varying(10)\""),
                meaning(
                        "\"cast\": \"character varying(10)\"",
                        "\"cast\": \"text\"",
                        WRITE + "/set/origin/cast",
                        "casts to text"),
                meaning(
                        "{\"scale\": {\"of\": {\"column\": \"cents\"}, \"power\": -2}}",
                        "{\"column\": \"rank\", \"cast\": \"numeric\"}",
                        WRITE + "/set/amount/cast",
                        "no one meaning"),
                meaning(
                        "{\"column\": \"cents\"}",
                        "{\"column\": \"first\", \"cast\": \"numeric\"}",
                        WRITE + "/set/amount/scale/of/cast",
                        "no one meaning"),
                meaning(
                        "{\"column\": \"cents\"}",
                        "{\"column\": \"first\"}",
                        WRITE + "/set/amount/scale/of",
                        "INTEGER or DECIMAL"),
                meaning(
                        "\"Europe/Berlin\"",
                        "\"Europe/Berlim\"",
                        WRITE + "/set/seen/zone/name",
                        "did you mean 'Europe/Berlin'?"),
                meaning(
                        "{\"column\": \"seen\"}, \"name\"",
                        "{\"column\": \"since\"}, \"name\"",
                        WRITE + "/set/seen/zone/of",
                        "TIMESTAMP"),
                meaning(
                        "\"json_field\": {\"column\": \"doc\"",
                        "\"json_field\": {\"column\": \"first\"",
                        WRITE + "/set/city/coalesce/0/json_field/column",
                        "json or jsonb"),
                meaning("{\"Y\": true}", "{\"Y\": \"yes\"}", WRITE + "/set/vip/map/entries/Y", "write true or false"),
                meaning(
                        "{\"Y\": true}",
                        "{\"Y\": true, \"Y \": false}",
                        WRITE + "/set/vip/map/entries/Y ",
                        "one value"),
                meaning(
                        "\"of\": {\"column\": \"vip\"}",
                        "\"of\": {\"column\": \"rank\"}",
                        WRITE + "/set/vip/map/of",
                        "double precision"),
                meaning(
                        "{\"constant\": \"?\"}",
                        "{\"constant\": 7}",
                        WRITE + "/set/city/coalesce/1/constant",
                        "a string, not a number"),
                meaning(
                        "\"columns\": {\"id\": \"boss\"}",
                        "\"columns\": {\"id\": \"first\"}",
                        WRITE + "/set/boss_id/reference/columns/id",
                        "same kind of value"),
                meaning(
                        "\"columns\": {\"id\": \"boss\"}",
                        "\"columns\": {\"ID\": \"boss\"}",
                        WRITE + "/set/boss_id/reference/columns/ID",
                        "no key column of old.person"),
                meaning(
                        "\"columns\": {\"id\": \"boss\"}",
                        "\"columns\": {\"ID\": \"boss\"}",
                        WRITE + "/set/boss_id/reference/columns",
                        "key column 'id' of old.person is missing"),
                meaning(
                        "{\"table\": \"old.tag\"",
                        "{\"table\": \"old.tg\"",
                        "/sources/old.tagging/writes/0/key/tag_id/reference/table",
                        "did you mean 'old.tag'?"),
                meaning(
                        "\"model\": \"Tag\", \"columns\"",
                        "\"model\": \"Tga\", \"columns\"",
                        "/sources/old.tagging/writes/0/key/tag_id/reference/model",
                        "did you mean 'Tag'?"),
                meaning(
                        "{\"reference\": {\"table\": \"old.tag\", \"model\": \"Tag\", \"columns\": {\"slug\": \"tag\"}}}",
                        "{\"column\": \"tag\", \"cast\": \"uuid\"}",
                        "/sources/old.tagging/writes/0/key",
                        "at least two references, it has 1"),
                meaning(
                        "\"column\": \"since\", \"op\"",
                        "\"column\": \"sinse\", \"op\"",
                        PERSON + "/filter/column",
                        "did you mean 'since'?"),
                meaning("\"value\": \"2020-01-01\"", "\"value\": \"2020-1-1\"", PERSON + "/filter/value", "2026-01-31"),
                meaning("\"value\": \"2020-01-01\"", "\"value\": true", PERSON + "/filter/value", "not true or false"),
                meaning(
                        "\"values\": [1, \"2\"]",
                        "\"values\": [1, \"two\"]",
                        WRITE + "/when/any/0/values/1",
                        "whole number"),
                meaning(
                        "\"values\": [1, \"2\"]",
                        "\"values\": [1, 9223372036854775808]",
                        WRITE + "/when/any/0/values/1",
                        "within its range"),
                meaning(
                        "{\"column\": \"doc\", \"op\": \"is not null\"}",
                        "{\"column\": \"vip\", \"op\": \"<\", \"value\": \"Y\"}",
                        WRITE + "/when/any/1/op",
                        "only =, <>, in"),
                meaning(
                        "{\"column\": \"doc\", \"op\": \"is not null\"}",
                        "{\"column\": \"rank\", \"op\": \"=\", \"value\": 1}",
                        WRITE + "/when/any/1/op",
                        "only is null"),
                meaning(
                        "\"writes\": [{\"model\": \"Tag\"",
                        "\"writes\": [{\"model\": \"Tag\", \"key\": {\"tag_id\": {\"derived\": true}}, \"set\": {\"label\": {\"constant\": null}}}, {\"model\": \"Tag\"",
                        "/sources/old.tag/writes/1",
                        "both go to model Tag"));
    }

    static Stream<BrokenContract> all() {
        return Stream.of(shapes(), meanings()).flatMap(stream -> stream);
    }

    static List<String> pointers(String text) {
        return SmallContract.problems(text).stream()
                .map(ContractProblem::pointer)
                .toList();
    }

    private static BrokenContract shape(String find, String replacement, String pointer, String message) {
        return new BrokenContract(find, replacement, pointer, message, true);
    }

    private static BrokenContract meaning(String find, String replacement, String pointer, String message) {
        return new BrokenContract(find, replacement, pointer, message, false);
    }
}
