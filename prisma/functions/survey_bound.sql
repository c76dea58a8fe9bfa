-- Returns the key at which part `p_part` of `p_parts` equal parts of all keys begins, as a literal of its type.
CREATE OR REPLACE FUNCTION survey_bound(p_type text, p_part integer, p_parts integer) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  v_digits text := lpad(to_hex(p_part::bigint * 4294967296 / p_parts), 8, '0');
BEGIN
  IF p_type = 'uuid' THEN RETURN quote_literal(rpad(v_digits, 32, '0')) || '::uuid'; END IF;
  RETURN format('decode(%L, ''hex'')', v_digits);
END $$;
