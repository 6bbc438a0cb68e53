-- Whether a chain is in the piece that is looked at: of one kind of subject and
-- source those from one number to below another; without a kind all kinds and
-- sources that are not looked at piece by piece.
-- param: kind String ? = kind of subject; empty = all that are not cut
-- param: piece_source String ? = source system
-- param: from_no String ? = first number
-- param: until_no String ? = number after the last one; empty = to the end
-- param: cut Array(String) ? = kind/source that are looked at piece by piece
    if({kind:String} = '', NOT has({cut:Array(String)}, concat(subject_kind, '/', source_sys)),
        subject_kind = {kind:String} AND source_sys = {piece_source:String} AND subject_no >= {from_no:String} AND ({until_no:String} = '' OR subject_no < {until_no:String}))
