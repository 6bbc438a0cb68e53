SELECT count(), countIf(h_state[-1] = 'finished') FROM cases FINAL
