package org.example.unified;

import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Tags, and parties as they are now. */
@RestController
@RequestMapping("/api/v1")
class CatalogController {

    private final JdbcClient jdbc;

    CatalogController(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What the API says of a tag. */
    record Tag(String slug, String label, String color) {}

    /** What a caller may say of a tag. */
    record TagContent(String label, String color) {}

    /** What the API says of a party. */
    record Party(UUID partyId, String name, String status) {}

    @GetMapping("/tags/{slug}")
    Tag tag(@PathVariable("slug") String slug) {
        return jdbc.sql("select slug, label, color from unified.tag where slug = ?")
                .param(slug)
                .query(Tag.class)
                .optional()
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    @PutMapping("/tags/{slug}")
    Tag putTag(@PathVariable("slug") String slug, @RequestBody TagContent content) {
        int changed = jdbc.sql("update unified.tag set label = ?, color = ? where slug = ?")
                .params(content.label(), content.color(), slug)
                .update();
        if (changed == 0) {
            jdbc.sql("insert into unified.tag (tag_id, slug, label, color) values (gen_random_uuid(), ?, ?, ?)")
                    .params(slug, content.label(), content.color())
                    .update();
        }
        return tag(slug);
    }

    @GetMapping("/parties/{id}")
    Party party(@PathVariable("id") UUID id) {
        return jdbc.sql("""
                        select party_id, name, status::text as status
                          from unified.party
                         where party_id = ? and valid_to is null and not is_archived
                        """)
                .param(id)
                .query(Party.class)
                .optional()
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }
}
