-- Makes the monthly partitions of a table up to the month of `p_until`, and moves rows from the default partition into
-- the months that they belong to. Drops the partitions in which every row is older than `p_before` (null: none), which
-- is allowed only for a table whose rows expire by age. Returns the names of both, the number of rows moved, and the
-- number that still lie in the default partition because they are later than `p_until` (counted up to a thousand). Runs
-- as the tables' owner, since the application may not change tables. Fails where a lock is not free within two seconds:
-- the next run tries again.
CREATE OR REPLACE FUNCTION keep_partitions(
  p_table text, p_until date, p_before timestamptz, OUT made text[], OUT dropped text[], OUT taken_over bigint, OUT outside integer
) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO' SET lock_timeout = '2s' AS $$
DECLARE
  v_key text;
  v_end date;
  v_name text;
  v_rows bigint;
  v_one record;
BEGIN
  IF p_table NOT IN ('survey_responses', 'survey_receipts', 'push_tries') THEN
    RAISE EXCEPTION '% is not kept by months', p_table;
  END IF;
  IF p_before IS NOT NULL AND p_table <> 'push_tries' THEN
    RAISE EXCEPTION 'rows of % are not dropped by their age', p_table;
  END IF;
  made := '{}';
  dropped := '{}';
  taken_over := 0;
  -- Two runs at once would make the same partitions.
  PERFORM pg_advisory_xact_lock(hashtextextended('keep_partitions ' || p_table, 0));
  SELECT attname INTO STRICT v_key FROM pg_partitioned_table JOIN pg_attribute ON attrelid = partrelid AND attnum = partattrs[0]
    WHERE partrelid = ('public.' || p_table)::regclass;

  SELECT max(ends) INTO v_end FROM partition_ends(p_table);
  WHILE v_end <= p_until LOOP
    v_name := p_table || to_char(v_end, '_YYYY_MM');
    EXECUTE format('CREATE TEMP TABLE taken_over ON COMMIT DROP AS SELECT * FROM public.%I WHERE %I >= %L AND %I < %L',
      p_table || '_default', v_key, v_end, v_key, v_end + interval '1 month');
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    IF v_rows > 0 THEN
      EXECUTE format('DELETE FROM public.%I WHERE %I >= %L AND %I < %L',
        p_table || '_default', v_key, v_end, v_key, v_end + interval '1 month');
    END IF;
    EXECUTE format('CREATE TABLE public.%I PARTITION OF public.%I FOR VALUES FROM (%L) TO (%L)',
      v_name, p_table, v_end, v_end + interval '1 month');
    -- A partition does not inherit the settings of autovacuum.
    EXECUTE format('ALTER TABLE public.%I SET (%s)', v_name, CASE p_table
      WHEN 'survey_responses' THEN 'autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02'
      ELSE 'autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_freeze_min_age = 1000000' END);
    FOR v_one IN SELECT grantee::regrole::text AS role, privilege_type AS right FROM pg_class, aclexplode(relacl)
      WHERE oid = ('public.' || p_table)::regclass AND grantee <> 0 AND grantee <> relowner
    LOOP
      EXECUTE format('GRANT %s ON public.%I TO %s', v_one.right, v_name, v_one.role);
    END LOOP;
    EXECUTE format('INSERT INTO public.%I SELECT * FROM pg_temp.taken_over', v_name);
    DROP TABLE pg_temp.taken_over;
    made := made || v_name;
    taken_over := taken_over + v_rows;
    v_end := (v_end + interval '1 month')::date;
  END LOOP;

  FOR v_one IN SELECT name FROM partition_ends(p_table) WHERE ends <= p_before ORDER BY ends LOOP
    EXECUTE format('ALTER TABLE public.%I DETACH PARTITION public.%I', p_table, v_one.name);
    EXECUTE format('DROP TABLE public.%I', v_one.name);
    dropped := dropped || v_one.name::text;
  END LOOP;
  IF p_before IS NOT NULL THEN
    EXECUTE format('DELETE FROM public.%I WHERE %I < %L', p_table || '_default', v_key, p_before);
  END IF;
  EXECUTE format('SELECT count(*) FROM (SELECT FROM public.%I LIMIT 1000) few', p_table || '_default') INTO outside;
END $$;
