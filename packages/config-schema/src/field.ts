// The vocabulary in which the shape of runlayer.yaml is written down: data that the parser, the types, the JSON Schema and the
// reference page all read.

/** What is wrong with a value that has the right type. */
export interface Complaint {
  /** Follows the name of the key: "must be …". */
  readonly message: string;
  readonly expected?: string | undefined;
  readonly suggestion?: string | undefined;
  readonly hint?: string | undefined;
}

interface Described {
  /** Sentences for the reference page and for editors. */
  readonly about: string;
  /** A value to show in the documentation. */
  readonly example?: unknown;
  /** What holds where the key is left out, as text for people. */
  readonly default?: string | undefined;
}

/** A text. */
export interface TextField extends Described {
  readonly kind: 'text';
  /** What a right value is, as a noun phrase. */
  readonly expected: string;
  /** Regular expression for editors; `check` is what decides. */
  readonly pattern?: string | undefined;
  readonly maxLength?: number | undefined;
  /** Never shown in an issue. */
  readonly secret?: true | undefined;
  /** A number or a boolean counts as the text it is written with, with a warning; else it is refused. */
  readonly unquoted?: true | undefined;
  /** Nothing after the colon counts as left out. */
  readonly nullable?: true | undefined;
  readonly check?: ((value: string) => Complaint | undefined) | undefined;
}

/** One of a few words. */
export interface WordField<Word extends string = string> extends Described {
  readonly kind: 'word';
  readonly words: readonly Word[];
  /** What people write instead, in lower case, and what they mean. */
  readonly synonyms?: Readonly<Record<string, Word>> | undefined;
}

/** A number. */
export interface NumberField extends Described {
  readonly kind: 'number';
  readonly whole: boolean;
  /** What a right value is, as a noun phrase. Default: the range. */
  readonly expected?: string | undefined;
  readonly min: number;
  readonly max: number;
  /** The only right values, where the range alone does not tell; checked with the rest of the file. */
  readonly among?: readonly number[] | undefined;
  /** Reads what people write instead, such as `1GB`. */
  readonly repair?: ((value: string | number) => number | undefined) | undefined;
}

/** True or false. */
interface FlagField extends Described {
  readonly kind: 'flag';
}

/** A list of values of one kind. */
export interface ListField<Item extends Field = Field> extends Described {
  readonly kind: 'list';
  readonly item: Item;
  readonly maxItems: number;
}

/** A map from names the user chooses to values of one kind. */
export interface MapField<Value extends Field = Field> extends Described {
  readonly kind: 'map';
  /** What its names stand for, singular: "variable". */
  readonly names: string;
  /** Regular expression of a name, for editors; `checkName` is what decides. */
  readonly namePattern: string;
  readonly checkName: (name: string) => Complaint | undefined;
  readonly value: Value;
}

/** A map of known keys. */
export interface SectionField<Keys extends Keyed = Keyed> extends Described {
  readonly kind: 'section';
  readonly keys: Keys;
  readonly required?: readonly string[] | undefined;
  /** Nothing after the colon is refused with this hint; else it counts as an empty section. */
  readonly emptyHint?: string | undefined;
}

/** A key that is known elsewhere and refused by name here. */
interface RefusedField extends Described {
  readonly kind: 'refused';
  readonly message: string;
  readonly hint: string;
}

/** Anything that may stand at a key. */
export type Field = TextField | WordField | NumberField | FlagField | ListField | MapField | SectionField | RefusedField;

/** The known keys of a section. */
export interface Keyed {
  readonly [key: string]: Field;
}

/** What a field reads as; a key that is absent or faulty is undefined. */
export type ValueOf<F extends Field> = F extends TextField
  ? string
  : F extends WordField<infer Word>
    ? Word
    : F extends NumberField
      ? number
      : F extends FlagField
        ? boolean
        : F extends ListField<infer Item>
          ? ReadonlyArray<ValueOf<Item> | undefined>
          : F extends MapField<infer Value>
            ? Readonly<Record<string, ValueOf<Value>>>
            : F extends SectionField<infer Keys>
              ? { readonly [Key in keyof Keys]?: ValueOf<Keys[Key]> | undefined }
              : undefined;
