-- Writes rows of one table again in random order and returns how many. An answer and what was written with it (comment,
-- suggestion, dossier code, receipt, the form's key, the agency's tally) come in one transaction: `xmin` and the order
-- of rows would join what the tables keep apart. All rows of this month and the month before are written again, so that
-- even a single new row stands among many and its day cannot be told. Rows are deleted and inserted, because an update
-- leaves a row in its block where there is room.
-- Each of the `p_parts` parts is a transaction of its own. A part is a range of the rows' random keys, read by their
-- index: it takes no longer in a larger table. Where a table has no random key, a hash picks the parts. The table is
-- locked before anything is read: writers wait, and this sees all that they wrote. Runs as the tables' owner: the
-- application itself may not delete an answer. What is deleted here is inserted by the same statement.
CREATE OR REPLACE FUNCTION survey_shuffle(p_table text, p_from date, p_part integer, p_parts integer, p_salt text)
RETURNS integer LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
SET lock_timeout = '300ms' AS $$
DECLARE
  v_shuffled record := survey_shuffled(p_table);
  v_type text := (SELECT format_type(atttypid, NULL) FROM pg_attribute
                  WHERE attrelid = p_table::regclass AND attname = v_shuffled.key_of AND NOT attisdropped);
  -- Waiting answers are written again however old they are. This condition is apart, so that earlier months are read by
  -- the index of waiting answers alone.
  v_waiting text := CASE p_table WHEN 'survey_responses' THEN 'received_month < $1 AND NOT counted' ELSE 'false' END;
  v_part text := '';
  v_row tid;
  v_done integer := 0;
BEGIN
  IF v_type IN ('uuid', 'bytea') THEN
    IF p_part > 0 THEN
      v_part := v_part || format(' AND %I >= %s', v_shuffled.key_of, survey_bound(v_type, p_part, p_parts));
    END IF;
    IF p_part < p_parts - 1 THEN
      v_part := v_part || format(' AND %I < %s', v_shuffled.key_of, survey_bound(v_type, p_part + 1, p_parts));
    END IF;
  ELSE
    v_part := format(' AND (hashtextextended((%s) || $2, 0) & 2147483647) %% $3 = $4', v_shuffled.key_of);
  END IF;
  EXECUTE format('LOCK TABLE %I IN EXCLUSIVE MODE', p_table);
  IF p_table = 'survey_exclusions' THEN
    -- Groups are updated, not deleted: receipts and comments refer to them by foreign keys. Only the groups of these
    -- months are written again.
    FOR v_row IN EXECUTE format('SELECT ctid FROM %I WHERE %s ORDER BY gen_random_uuid()', p_table, v_shuffled.rows_of || v_part)
      USING p_from, p_salt, p_parts, p_part
    LOOP
      UPDATE survey_exclusions SET month = month WHERE ctid = v_row;
      v_done := v_done + 1;
    END LOOP;
    RETURN v_done;
  END IF;
  EXECUTE format('WITH gone AS (DELETE FROM %1$I WHERE (%2$s)%4$s RETURNING *), waited AS (DELETE FROM %1$I WHERE %3$s%4$s RETURNING *)
    INSERT INTO %1$I SELECT * FROM (SELECT * FROM gone UNION ALL SELECT * FROM waited) AS taken ORDER BY gen_random_uuid()',
    p_table, v_shuffled.rows_of, v_waiting, v_part)
    USING p_from, p_salt, p_parts, p_part;
  GET DIAGNOSTICS v_done = ROW_COUNT;
  RETURN v_done;
END $$;
