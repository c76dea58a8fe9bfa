-- An answer and what was written with it (comment, suggestion, dossier code, receipt, the form's key, the agency's tally)
-- come in one transaction: `xmin` and the order of rows would join what the tables keep apart. This writes the rows of one
-- table again in an order drawn at random: the new ones and all others of their month and the month before, so that
-- also one new row alone stands among those and is nobody's of that day. Rows are taken out and put in, not updated,
-- since an update leaves a row in its block where there is room. `p_part` of `p_parts` random parts, each in a
-- transaction of its own. Writers wait for it, and see the new rows: a table is locked before a statement looks at
-- it. Answers how many rows were written.
CREATE OR REPLACE FUNCTION survey_shuffle(p_table text, p_from date, p_part integer, p_parts integer, p_salt text)
RETURNS integer LANGUAGE plpgsql VOLATILE SET lock_timeout = '300ms' AS $$
DECLARE
  v_shuffled record := survey_shuffled(p_table);
  v_part text := format('(%s) AND (hashtextextended((%s) || $2, 0) & 2147483647) %% $3 = $4',
                        v_shuffled.rows_of, v_shuffled.key_of);
  v_row tid;
  v_done integer := 0;
BEGIN
  EXECUTE format('LOCK TABLE %I IN EXCLUSIVE MODE', p_table);
  IF p_table = 'survey_exclusions' THEN
    -- Receipts and comments name their group, and would be told that it is gone. It is counted with its month alone.
    FOR v_row IN EXECUTE format('SELECT ctid FROM %I WHERE %s ORDER BY gen_random_uuid()', p_table, v_part)
      USING p_from, p_salt, p_parts, p_part
    LOOP
      UPDATE survey_exclusions SET month = month WHERE ctid = v_row;
      v_done := v_done + 1;
    END LOOP;
    RETURN v_done;
  END IF;
  EXECUTE format('WITH gone AS (DELETE FROM %1$I WHERE %2$s RETURNING *)
    INSERT INTO %1$I SELECT * FROM gone ORDER BY gen_random_uuid()', p_table, v_part)
    USING p_from, p_salt, p_parts, p_part;
  GET DIAGNOSTICS v_done = ROW_COUNT;
  RETURN v_done;
END $$;
