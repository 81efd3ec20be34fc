import { languages } from '../../../lib/words';
import { metadataFor } from '../../../screens/document';
import { ChatScreen } from '../../../screens/chat';

const Page = () => <ChatScreen language="en" />;

export const metadata = metadataFor(languages.en.words.chat.title, 'en');
export default Page;
