import { languages } from '../../../lib/words';
import { metadataFor } from '../../../screens/document';
import { MissingScreen } from '../../../screens/plain';

const Page = () => <MissingScreen language="en" />;

export const metadata = metadataFor(languages.en.words.missing.title, 'en');
export default Page;
