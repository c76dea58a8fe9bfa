-- Answers, receipts and tries to push are kept by months from here on (ADR 95). Each table becomes the first partition of one of
-- its name: same columns, same indexes, same rights, so that the last release goes on as before. No row is read or moved:
-- indexes, keys and the bound are there already. `keep_partitions` makes the months that come.
DO $$
DECLARE
  v_table text;
  v_key text;
  v_columns text;
  v_old text;
  v_bound text;
  v_indexes text[];
  v_keys text[];
  v_one text;
  v_acl record;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['survey_receipts', 'survey_responses', 'push_tries'] LOOP
    v_old := v_table || '_before';
    EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', v_table);
    SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.ord),
      (array_agg(a.attname ORDER BY k.ord))[2]
      INTO v_columns, v_key
      FROM pg_index i, unnest(i.indkey::int2[]) WITH ORDINALITY AS k (num, ord), pg_attribute a
      WHERE i.indexrelid = (v_table || '_with_month')::regclass AND a.attrelid = i.indrelid AND a.attnum = k.num;
    SELECT coalesce(array_agg(pg_get_indexdef(indexrelid)), '{}') INTO v_indexes FROM pg_index
      WHERE indrelid = v_table::regclass AND NOT indisprimary AND indexrelid <> (v_table || '_with_month')::regclass;
    SELECT coalesce(array_agg(format('ADD CONSTRAINT %I %s', conname, pg_get_constraintdef(oid))), '{}') INTO v_keys
      FROM pg_constraint WHERE conrelid = v_table::regclass AND contype = 'f';
    SELECT substring(pg_get_constraintdef(oid) FROM '''([^'']+)''') INTO STRICT v_bound
      FROM pg_constraint WHERE conrelid = v_table::regclass AND conname = 'before_partitions';

    EXECUTE format('ALTER TABLE %I DROP CONSTRAINT %I, ADD CONSTRAINT %I PRIMARY KEY USING INDEX %I',
      v_table, v_table || '_pkey', v_old || '_pkey', v_table || '_with_month');
    FOR v_one IN SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = v_table::regclass AND NOT indisprimary LOOP
      EXECUTE format('ALTER INDEX %s RENAME TO %I', v_one, v_one || '_before');
    END LOOP;
    IF v_table = 'survey_receipts' THEN DROP TRIGGER IF EXISTS survey_receipts_excluded ON survey_receipts; END IF;
    EXECUTE format('ALTER TABLE %I RENAME TO %I', v_table, v_old);

    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS) PARTITION BY RANGE (%I)', v_table, v_old, v_key);
    EXECUTE format('ALTER TABLE %I DROP CONSTRAINT before_partitions', v_table);
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I PRIMARY KEY (%s)', v_table, v_table || '_pkey', v_columns);
    FOREACH v_one IN ARRAY v_indexes LOOP EXECUTE v_one; END LOOP;
    FOREACH v_one IN ARRAY v_keys LOOP EXECUTE format('ALTER TABLE %I %s', v_table, v_one); END LOOP;
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (MINVALUE) TO (%L)', v_table, v_old, v_bound);
    EXECUTE format('ALTER TABLE %I DROP CONSTRAINT before_partitions', v_old);
    EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT', v_table || '_default', v_table);
    FOR v_acl IN SELECT grantee::regrole::text AS role, privilege_type AS right FROM pg_class, aclexplode(relacl)
      WHERE oid = v_old::regclass AND grantee <> 0 AND grantee <> relowner
    LOOP
      EXECUTE format('GRANT %s ON %I, %I TO %s', v_acl.right, v_table, v_table || '_default', v_acl.role);
    END LOOP;
  END LOOP;
  -- As its file says; it may not be away until the files are applied.
  IF to_regproc('note_excluded_receipt') IS NOT NULL THEN
    EXECUTE 'CREATE TRIGGER survey_receipts_excluded AFTER INSERT ON survey_receipts
      FOR EACH ROW WHEN (NEW.exclusion_id IS NOT NULL) EXECUTE FUNCTION note_excluded_receipt()';
  END IF;
END $$;
