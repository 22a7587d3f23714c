-- Which document of each source was applied last: a later one replaces an earlier one, never the other
-- way round.

-- source is `export`, or `import` and the name that the source gives itself. source_time is when the source
-- says that it wrote the document; school_year is the year it begins in, where the document says one.
CREATE TABLE import_source (
    institution_id uuid NOT NULL,
    source text NOT NULL,
    source_time bigint NOT NULL,
    school_year bigint,
    applied bigint NOT NULL,
    PRIMARY KEY (institution_id, source)
);
