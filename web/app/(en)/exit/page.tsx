import { languages } from '../../../lib/words';
import { metadataFor } from '../../../screens/document';
import { ExitScreen } from '../../../screens/plain';

const Page = () => <ExitScreen language="en" />;

export const metadata = metadataFor(languages.en.words.exit.title, 'en');
export default Page;
